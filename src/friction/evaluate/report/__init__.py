"""A run as one page that an engineer can trust and an audience can read; the same as Markdown; its figures as SVG."""

from friction.evaluate.report.dial import dial_svg
from friction.evaluate.report.html import html_report
from friction.evaluate.report.markdown import markdown_report
from friction.evaluate.report.rates import rates_svg

__all__ = ["dial_svg", "html_report", "markdown_report", "rates_svg"]
