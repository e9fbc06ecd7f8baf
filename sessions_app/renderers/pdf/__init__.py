"""The agenda as accessible PDF documents."""
