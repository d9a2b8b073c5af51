"""Where service is sparse: road distances to service, village by village."""

__version__ = "0.1.0"
