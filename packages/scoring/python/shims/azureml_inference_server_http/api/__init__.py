"""The request and the response of scripts that want HTTP as it is."""
