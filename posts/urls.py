from django.urls import path

from posts.views import analyses, campaign, datasets, following, listing

app_name = "posts"

urlpatterns = [
    path("cases/<slug:ref>/posts/", campaign.campaign, name="campaign"),
    path("cases/<slug:ref>/posts/keep/", campaign.keep, name="keep"),
    path("cases/<slug:ref>/posts/waiting/", campaign.waiting, name="waiting"),
    path("cases/<slug:ref>/posts/behind/<slug:entries>/<int:place>/", campaign.behind, name="behind"),
    path("cases/<slug:ref>/posts/rows/<slug:entries>/", campaign.rows, name="rows"),
    path("cases/<slug:ref>/posts/network.json", campaign.network_json, name="network_json"),
    path("cases/<slug:ref>/posts/timeline.svg", campaign.timeline_svg, name="timeline_svg"),
    path("cases/<slug:ref>/posts/tables/<slug:table>.csv", campaign.table_csv, name="table_csv"),
    path("cases/<slug:ref>/posts/datasets/", datasets.datasets, name="datasets"),
    path("cases/<slug:ref>/posts/datasets/import/", datasets.import_, name="import"),
    path("cases/<slug:ref>/posts/datasets/import/<int:exhibit>/", datasets.import_how, name="import_how"),
    path("cases/<slug:ref>/posts/datasets/<int:number>/", datasets.dataset, name="dataset"),
    path("cases/<slug:ref>/posts/datasets/<int:number>/again/", datasets.read_again, name="read_again"),
    path("cases/<slug:ref>/posts/datasets/<int:number>/rejected.csv", datasets.rejected, name="rejected"),
    path("cases/<slug:ref>/posts/follows/", following.follow_lists, name="follow_lists"),
    path("cases/<slug:ref>/posts/follows/record/<int:exhibit>/", following.follow_record, name="follow_record"),
    path("cases/<slug:ref>/posts/follows/of/<uuid:account_id>/", following.follows_of, name="follows_of"),
    path("cases/<slug:ref>/posts/follows/<int:number>/", following.follow_list, name="follow_list"),
    path("cases/<slug:ref>/posts/follows/<int:number>/count/", following.follow_count, name="follow_count"),
    path("cases/<slug:ref>/posts/list/", listing.posts, name="list"),
    path("cases/<slug:ref>/posts/list.csv", listing.posts_csv, name="list_csv"),
    path("cases/<slug:ref>/posts/post/<uuid:post_id>/", listing.post, name="post"),
    path("cases/<slug:ref>/posts/post/<uuid:post_id>/track/", listing.track, name="track"),
    path("cases/<slug:ref>/posts/analyses/", analyses.analyses, name="analyses"),
    path("cases/<slug:ref>/posts/analyses/<int:number>/", analyses.analysis, name="analysis"),
    path("cases/<slug:ref>/posts/analyses/<int:number>/again/", analyses.again, name="again"),
    path("cases/<slug:ref>/posts/analyses/<int:number>/network/<str:name>", analyses.network, name="network"),
]
