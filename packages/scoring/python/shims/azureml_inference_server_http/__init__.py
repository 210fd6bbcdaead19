"""Stands in where the user's Python lacks azureml-inference-server-http: what scoring scripts import of it, and nothing else."""
