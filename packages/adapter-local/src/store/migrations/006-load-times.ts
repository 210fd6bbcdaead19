/** What ONNX Runtime took to load a trial's model: a job that goes on after a crash knows which models it has no time to load again. */
export const loadTimes = `
ALTER TABLE trials ADD COLUMN load_seconds REAL;
`;
