"""Asks a server of the Open Inference Protocol with Triton's client, every way that the client sends tensors; prints what it got as JSON."""
import json
import sys

import numpy
import tritonclient.http as triton

client = triton.InferenceServerClient(sys.argv[1])
text = numpy.array([["clerk"], ["näher"]], dtype=object)
number = numpy.array([[1], [2.5]], dtype=numpy.float32)


def infer(binary):
    inputs = [triton.InferInput("job", [2, 1], "BYTES"), triton.InferInput("x", [2, 1], "FP32")]
    inputs[0].set_data_from_numpy(text, binary_data=binary)
    inputs[1].set_data_from_numpy(number, binary_data=binary)
    answer = client.infer("bank", inputs, request_id="7")
    return answer.as_numpy("label").tolist() + answer.as_numpy("probabilities").tolist()


try:
    client.infer("bank", [])
except triton.InferenceServerException as error:
    refused = [error.status(), error.message()]

print(json.dumps({
    "live": client.is_server_live() and client.is_server_ready() and client.is_model_ready("bank"),
    "inputs": [each["datatype"] for each in client.get_model_metadata("bank")["inputs"]],
    "json": infer(binary=False),
    "binary": infer(binary=True),
    "refused": refused,
}))
