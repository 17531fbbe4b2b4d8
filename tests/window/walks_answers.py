"""Scenarios of the journey: what the server answers wrongly, or does not answer."""

from __future__ import annotations

import json

from assistant.journey import Step
from assistant.practice.faults import Cut, Fault
from assistant.practice.tokens import TOKEN
from assistant.problems import Way
from tests.window.walk import Stage, scenario

COMPANY_CALL = "/3/companyinformation"
AS_USUAL = Fault()
TOKEN_FAULTS = {
    "html": Fault(status=200, body=b"<html>Welcome</html>", content_type="text/html"),
    "redirect": Fault(status=302, headers=(("Location", "/oauth-v1/auth"),)),
    "5 MB": Fault(status=200, body=b'{"access_token":"' + b"a" * 5_000_000 + b'"}'),
    "no fields": Fault(status=200, body=b"{}"),
    "answer lost": Fault(cut=Cut.NO_ANSWER, handled=True),
    "answer cut": Fault(cut=Cut.MIDWAY),
    "server fault": Fault(status=500, body=b"oops", content_type="text/plain"),
}


@scenario
async def token_faults(stage: Stage) -> None:
    """Each fault of the token endpoint in turn, the way on after each, and at last a connection."""
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        for name, fault in TOKEN_FAULTS.items():
            walker.server.inject(TOKEN, fault)
            before = len(walker.log)
            await walker.sign_in()
            await walker.at(Step.PROBLEM)
            walker.mark(name, since=before)
            ways = walker.window.wizard.problem.ways
            await walker.way(Way.SIGN_IN_AGAIN if Way.SIGN_IN_AGAIN in ways else Way.TRY_AGAIN)
            await walker.at(Step.SIGN_IN)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("done")


@scenario
async def company_faults(stage: Stage) -> None:
    """A company without its number, a call that fails once, and a service account that is not proved."""
    nameless = json.dumps({"CompanyInformation": {"CompanyName": "Björkdalens Trävaror AB"}}).encode()
    another = json.dumps(
        {"CompanyInformation": {"CompanyName": "Kafé Måsen i Strandviken AB", "DatabaseNumber": 1_100_033}}
    ).encode()
    refusal = json.dumps({"error": "invalid_grant", "error_description": "No consent exists"}).encode()
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        for name, path, faults in (
            ("nameless", COMPANY_CALL, (Fault(status=200, body=nameless),)),
            ("another", COMPANY_CALL, (AS_USUAL, Fault(status=200, body=another))),
            ("refused", TOKEN, (AS_USUAL, Fault(status=400, body=refusal))),
        ):
            walker.server.inject(path, *faults)
            before = len(walker.log)
            await walker.sign_in()
            await walker.at(Step.PROBLEM)
            await walker.until(lambda: all(token["revoked"] for token in walker.tokens()), "the revocation")
            walker.mark(name, since=before)
            if name == "refused":
                break
            await walker.back()
            await walker.at(Step.PERMISSIONS)
            await walker.main()
        await walker.way(Way.USE_USER_ACCOUNT)
        await walker.at(Step.ACCOUNT)
        await walker.main()
        await walker.at(Step.PERMISSIONS)
        await walker.main()
        walker.server.inject(COMPANY_CALL, Fault(status=503, body=b"{}"))
        before = len(walker.log)
        await walker.sign_in()
        await walker.at(Step.PROBLEM)
        walker.mark("unavailable", since=before)
        await walker.way(Way.TRY_AGAIN)
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("done", since=before)
