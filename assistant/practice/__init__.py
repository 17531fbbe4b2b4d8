"""A Fortnox to practise on: a real HTTP server on loopback that behaves as far as anybody outside Fortnox knows.

It is a program of its own. It shares the list of scopes and the languages with the rest and nothing else, so that
client and server cannot agree on the same mistake. Where Fortnox is silent, `switches` names the question and its
possible answers, and the control page says what is documented, reported, inferred or guessed.

Import `assistant.practice.server` only when practice is wanted: it brings starlette and uvicorn with it.
"""
