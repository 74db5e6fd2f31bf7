from __future__ import annotations

import asyncio
import threading

from wardship.plugins.host.plugin_threads import PluginThread


def test_call_that_is_cancelled_before_it_begins_ends_and_does_not_hold_its_thread():
    let_go, has_begun = threading.Event(), threading.Event()

    async def block():
        has_begun.set()
        let_go.wait(5)

    async def never():
        raise AssertionError

    thread = PluginThread("blocked")
    blocking = thread.submit(block())
    assert has_begun.wait(5)
    waiting = thread.submit(never())
    waiting.cancel()
    thread.retire()
    let_go.set()
    blocking.ended.result(5)
    waiting.ended.result(5)
    assert (blocking.error, type(waiting.error)) == (None, asyncio.CancelledError)
    thread.join(5)
    assert not thread.is_alive
