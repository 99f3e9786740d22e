"""Every address of the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongshi.web.api import api
from gongshi.web.views import (
    account,
    errors,
    evidence,
    group,
    home,
    lab,
    ledger,
    papers,
    pilots,
    supervision,
    trace,
    vote,
    watch,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("language/<str:chosen>/", account.choose_language, name="language"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("password/", account.change_password, name="password"),
    path("static/<str:name>", home.static, name="static"),
    path("watch/", watch.signals, name="watch"),
    path("watch/signals/<str:id_>/", watch.signal, name="watch-signal"),
    path("watch/assessments/", watch.assessments, name="watch-assessments"),
    path("watch/assessments/<str:id_>/", watch.assessment, name="watch-assessment"),
    path("watch/exposures/", watch.exposures, name="watch-exposures"),
    path("lab/", lab.lab, name="lab"),
    path("pilots/", pilots.pilots, name="pilots"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/alerts/", supervision.alerts, name="supervision-alerts"),
    path("supervision/alerts/<str:id_>/", supervision.alert, name="supervision-alert"),
    path("group/", group.group, name="group"),
    path("group/items/<str:id_>/", group.item, name="group-item"),
    path("group/drafts/<str:id_>/", group.draft, name="group-draft"),
    path("group/drafts/<str:id_>/clauses/<str:clause>/comment/", group.comment, name="group-comment"),
    path("group/ballots/<str:id_>/", vote.ballot, name="group-ballot"),
    path("group/ballots/<str:id_>/vote/", vote.vote, name="group-vote"),
    path("group/waiting/", group.waiting, name="group-waiting"),
    path("group/exchange/", group.exchange, name="group-exchange"),
    path("papers/", papers.papers, name="papers"),
    path("papers/<str:name>", papers.published, name="papers-file"),
    path("evidence/<str:id_>/", evidence.evidence, name="evidence"),
    path("evidence/<str:id_>/document.json", evidence.document, name="evidence-document"),
    path("trace/<path:id_>/", trace.trace, name="trace"),
    path("ledger/", ledger.blocks, name="ledger"),
    path("ledger/policy.txt", ledger.policy, name="ledger-policy"),
    path("ledger/blocks/<int:height>/", ledger.block, name="ledger-block"),
    path("ledger/entries/<str:digest>/", ledger.entry, name="ledger-entry"),
    path("ledger/entries/<str:digest>/receipt", ledger.receipt, name="ledger-receipt"),
    path("api/", api.urls),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
