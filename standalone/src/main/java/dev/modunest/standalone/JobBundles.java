package dev.modunest.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.PluginId;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.x509.Validity;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signatures of a CI job: by a key that is made for the job and never written down, with the
 * certificate of some minutes that the registry gives the job, and its provenance. Thread-safe.
 */
final class JobBundles implements PublishBundles {

    private final URI registry;
    private final PublishTokens tokens;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Signer key =
            new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
    private final Map<PluginId, PublisherCredential> credentials = new HashMap<>();

    /**
     * @param environment of the job, which names the commit
     */
    JobBundles(
            URI registry,
            PublishTokens tokens,
            Map<String, String> environment,
            InstantSource clock) {
        this.registry = registry;
        this.tokens = tokens;
        this.environment = Map.copyOf(environment);
        this.clock = clock;
    }

    @Override
    public List<ReleaseBundle> bundles(PluginJar jar) throws IOException, InterruptedException {
        PublisherCredential credential = credential(jar.coordinate().plugin());
        List<ReleaseBundle> bundles = new ArrayList<>(List.of(credential.sign(jar)));
        Optional<ObjectNode> provenance = JobProvenance.of(credential.certificate(), environment);
        if (provenance.isPresent()) {
            bundles.add(credential.signProvenance(jar, provenance.get()));
        }
        return bundles;
    }

    /**
     * The token of a plugin gets the certificate; one at a time, so that each is asked for once.
     */
    private synchronized PublisherCredential credential(PluginId plugin)
            throws IOException, InterruptedException {
        PublisherCredential known = credentials.get(plugin);
        if (known != null && isYoung(known.certificate().validity(), clock.instant())) {
            return known;
        }
        PublisherCredential fresh =
                PublisherCredential.request(
                        registry, tokens.token(plugin), plugin.namespace(), key);
        credentials.put(plugin, fresh);
        return fresh;
    }

    /** Half of it is left for the upload. */
    private static boolean isYoung(Validity validity, Instant now) {
        Instant end = validity.end().orElse(Instant.MAX);
        Duration half = Duration.between(validity.start(), end).dividedBy(2);
        return now.isBefore(end.minus(half));
    }
}
