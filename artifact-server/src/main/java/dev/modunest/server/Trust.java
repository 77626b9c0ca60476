package dev.modunest.server;

import dev.modunest.server.ca.CertificateEndpoint;
import dev.modunest.server.ca.PkiEndpoint;
import dev.modunest.server.timestamp.TimeStampEndpoint;

/** What the registry certifies and stamps. */
record Trust(CertificateEndpoint certificates, PkiEndpoint pki, TimeStampEndpoint stamping) {}
