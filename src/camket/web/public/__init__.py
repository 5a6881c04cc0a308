"""The face for citizens: pages that anybody opens without signing in, without a cookie, without JavaScript."""
