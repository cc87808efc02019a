"""Events on their way to webhooks, over real HTTP and on a clock that is turned forward."""
