"""Who answers: llama.cpp in process, Ollama, or any OpenAI-compatible server, all behind one protocol."""
