from django.urls import path

from cases import subject_urls
from cases.views import audit, cases, jobs, language, log, members, tokens

app_name = "cases"

urlpatterns = [
    path("audit/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("audit/vkey", log.verifier_keys, name="log_vkey"),
    path("cases/", cases.case_list, name="list"),
    path("cases/export.csv", cases.case_list_csv, name="list_csv"),
    path("cases/new/", cases.new_case, name="create"),
    path("cases/<slug:ref>/settings/", cases.case_settings, name="settings"),
    path("cases/<slug:ref>/settings/policy/", cases.case_policy, name="policy"),
    path("cases/<slug:ref>/members/", members.members, name="members"),
    path("cases/<slug:ref>/members/export.csv", members.members_csv, name="members_csv"),
    path("cases/<slug:ref>/members/<uuid:membership_id>/role/", members.member_role, name="member_role"),
    path("cases/<slug:ref>/members/<uuid:membership_id>/end/", members.member_end, name="member_end"),
    path("cases/<slug:ref>/lead/", members.lead, name="lead"),
    path("cases/<slug:ref>/audit/", audit.audit_page, name="audit"),
    path("cases/<slug:ref>/audit/export.csv", audit.audit_csv, name="audit_csv"),
    path("cases/<slug:ref>/audit/checkpoint.txt", audit.audit_checkpoint, name="audit_checkpoint"),
    path("cases/<slug:ref>/audit/events/<uuid:event_id>/proof.zip", audit.audit_proof, name="audit_proof"),
    path("cases/<slug:ref>/audit/objects/<str:obj>/", audit.object_audit, name="object_audit"),
    path("cases/<slug:ref>/jobs/", jobs.case_jobs, name="jobs"),
    path("cases/<slug:ref>/jobs/export.csv", jobs.case_jobs_csv, name="jobs_csv"),
    path("jobs/", jobs.own_jobs, name="own_jobs"),
    path("jobs/export.csv", jobs.own_jobs_csv, name="own_jobs_csv"),
    path("jobs/<uuid:run_id>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<uuid:run_id>/retry/", jobs.job_retry, name="job_retry"),
    path("jobs/<uuid:run_id>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("account/language/", language.choose, name="language"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/new/", tokens.new_token, name="token_new"),
    path("account/tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    *subject_urls.urlpatterns,
]
