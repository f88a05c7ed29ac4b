"""Who shared the same thing within seconds: pairs of posts, edges between accounts, and the posts behind each edge."""
