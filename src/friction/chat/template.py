"""The chat format as a Jinja template, for tools that render by themselves."""

from friction.chat.tokens import ESCAPES, NO_THINKING, OPEN_THINKING, OPEN_TURN, CLOSE_THINKING, END_TURN

# Only what llama.cpp's Jinja knows as well: no macros, no regular expressions. Names in capitals are filled in below.
_SOURCE = r"""
{%- set ns = namespace(last_user=-1) -%}
{%- for message in messages -%}
    {%- if message.role == 'user' -%}{%- set ns.last_user = loop.index0 -%}{%- endif -%}
{%- endfor -%}
{%- for message in messages -%}
    {{- 'OPEN_TURN' + message.role + '\n' -}}
    {%- if message.role == 'assistant' and loop.index0 > ns.last_user -%}
        {%- if enable_thinking is defined and not enable_thinking -%}
            {{- 'NO_THINKING' -}}
        {%- elif message.reasoning_content is defined and message.reasoning_content is not none -%}
            {%- set thoughts = message.reasoning_content | trim SAFE -%}
            {{- 'OPEN_THINKING\n' + thoughts + '\nCLOSE_THINKING\n\n' -}}
        {%- endif -%}
    {%- endif -%}
    {%- set content = message.content | trim SAFE -%}
    {{- content + 'END_TURN\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- 'OPEN_TURNassistant\n' -}}
    {%- if enable_thinking is defined and not enable_thinking -%}{{- 'NO_THINKING' -}}{%- endif -%}
{%- endif -%}
"""


def _filled(source: str) -> str:
    filled = {
        "SAFE": "".join(f"| replace('{old}', '{new}') " for old, new in ESCAPES),
        "OPEN_TURN": OPEN_TURN,
        "END_TURN": END_TURN,
        "NO_THINKING": NO_THINKING.replace("\n", r"\n"),
        "OPEN_THINKING": OPEN_THINKING,
        "CLOSE_THINKING": CLOSE_THINKING,
    }
    for name, value in filled.items():
        source = source.replace(name, value)
    return source.strip()


CHAT_TEMPLATE = _filled(_SOURCE)
"""Jinja for a tokenizer's configuration and for GGUF: gives the text that ``render`` gives.

Takes ``messages`` (``role``, ``content``, ``reasoning_content``), ``add_generation_prompt`` and ``enable_thinking``.
"""
