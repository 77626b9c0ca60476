package dev.modunest.server;

import dev.modunest.server.ca.CertificateEndpoint;
import dev.modunest.server.ca.PkiEndpoint;
import dev.modunest.server.freshness.FreshnessEndpoint;
import dev.modunest.server.timestamp.TimeStampEndpoint;
import dev.modunest.server.transparency.LogEndpoint;
import dev.modunest.server.witness.WitnessEndpoint;

/** What the registry certifies, stamps, logs and tells as the latest. */
record Trust(
        CertificateEndpoint certificates,
        PkiEndpoint pki,
        TimeStampEndpoint stamping,
        LogEndpoint log,
        FreshnessEndpoint freshness,
        WitnessEndpoint witness) {}
