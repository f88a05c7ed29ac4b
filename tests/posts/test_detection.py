"""Each table that POSTS 2 names is recognised by the columns that its tool writes, in any order and beside others."""

from hypothesis import given
from hypothesis import strategies as st

from posts.formats import detection
from posts.formats.registry import TABLES

# As the tools write them, shortened to a part where a table has dozens.
HEADERS = {
    "4cat-x": """collected_from_url,id,thread_id,timestamp,unix_timestamp,link,body,author,author_fullname,author_id,
        author_avatar_url,verified,source,language_guess,retweet_count,reply_count,like_count,quote_count,is_retweet,
        retweeted_user,is_quote_tweet,quote_tweet_id,quote_author,quote_body,is_reply,replied_author,hashtags,urls,images,
        videos,mentions,long_lat,place_name""",
    "twarc-csv": """id,conversation_id,referenced_tweets.replied_to.id,referenced_tweets.retweeted.id,author_id,
        created_at,text,lang,source,public_metrics.like_count,entities.hashtags,author.id,author.username,author.name,
        author.description,author.location,author.public_metrics.followers_count,geo.id,__twarc.retrieved_at""",
    "x-release": """tweetid,userid,user_display_name,user_screen_name,user_reported_location,user_profile_description,
        user_profile_url,follower_count,following_count,account_creation_date,account_language,tweet_language,tweet_text,
        tweet_time,tweet_client_name,in_reply_to_tweetid,in_reply_to_userid,quoted_tweet_tweetid,is_retweet,
        retweet_userid,retweet_tweetid,latitude,longitude,quote_count,reply_count,like_count,retweet_count,hashtags,urls,
        user_mentions,poll_choices""",
    "fivethirtyeight": """external_author_id,author,content,region,language,publish_date,harvested_date,following,
        followers,updates,post_type,account_type,retweet,account_category,new_june_2018,alt_external_id,tweet_id,
        article_url,tco1_step1,tco2_step1,tco3_step1""",
    "fivethirtyeight-authors": """author,content,region,language,publish_date,following,followers,updates,post_type,
        account_type,account_category""",
    "meta-content-library": """activities,content_type,creation_time,id,is_branded_content,lang,link_attachment.link,
        match_type,mcl_url,modified_time,multimedia,post_owner.type,post_owner.id,post_owner.name,post_owner.username,
        shared_post_id,statistics.like_count,statistics.views,surface.type,surface.id,surface.name,text""",
    "crowdtangle": """Page Name,User Name,Facebook Id,Page Category,Page Description,Followers at Posting,Post Created,
        Post Created Date,Post Created Time,Type,Total Interactions,Likes,Comments,Shares,URL,Message,Link,Final Link,
        Image Text,Link Text,Description,Overperforming Score (weighted  —  Likes 1x Shares 1x )""",
    "4cat-telegram": """id,thread_id,chat,author,author_username,author_name,author_is_bot,body,body_markdown,is_reply,
        reply_to,views,forwards,reactions,timestamp,unix_timestamp,author_forwarded_from_name,
        author_forwarded_from_username,author_forwarded_from_id,entities_linked,entities_mentioned,link_title,
        attachment_type,attachment_data,attachment_filename""",
    "tiktok-research": """author_name,video_id,create_time,video_description,voice_to_text,hashtag_names,music_id,
        region_code""",
    "minet-x": """match_query,id,timestamp_utc,local_time,user_screen_name,text,user_location,user_id,user_name,
        user_description,user_followers,user_friends,user_timestamp_utc,retweeted_id,quoted_id,to_tweetid,links,domains,
        media_urls,mentioned_names,hashtags""",
    "minet-bluesky": "cid,uri,url,user_did,user_handle,user_diplay_name,text,timestamp_utc,indexed_at_utc,repost_count",
    "coortweet-wide": "account_id,post_id,url_id,hashtag_id,domain_id,phash_id,timestamp",
    "coortweet": "object_id,account_id,content_id,timestamp_share",
    "qut": "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls",
    "youtube-videos": "position,channelId,channelTitle,videoId,publishedAt,videoTitle,videoDescription,tags,viewCount",
    "youtube-comments": "id,replyCount,likeCount,publishedAt,authorName,text,authorChannelId,isReply,isReplyTo",
}


def columns_of(name: str) -> list[str]:
    return [column.strip() for column in HEADERS[name].split(",")]


def test_every_table_has_its_columns_here():
    assert set(HEADERS) == {one.name for one in TABLES}


@given(
    name=st.sampled_from(sorted(HEADERS)),
    more=st.lists(st.from_regex(r"own_[a-z]{1,8}", fullmatch=True)),
    data=st.data(),
)
def test_columns_decide_in_any_order_and_beside_others(name, more, data):
    found = detection.table_format(data.draw(st.permutations([*columns_of(name), *more])))
    assert found is not None
    assert found.name == name
