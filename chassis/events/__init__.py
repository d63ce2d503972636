"""Events out and in: relay, subscriber and inbox, parked messages, retention, the timeline.

Promise: what was committed is published, and what arrives has its effect once, whatever crashes. Rules of the trade
do not live here.
"""
