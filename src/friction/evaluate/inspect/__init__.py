"""The twins as a task of Inspect AI (https://inspect.aisi.org.uk): ``inspect eval friction/twins --model ...``."""
