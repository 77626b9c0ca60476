package dev.modunest.standalone;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.settings.Secret;

import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The publishers of a demo: a key and a certificate for each namespace, kept in memory. */
final class DemoPublishers {

    private DemoPublishers() {}

    /** Claims the namespaces of {@code jars} and has a key certified for each. */
    static PublishBundles prepare(URI registry, Secret token, Collection<PluginJar> jars)
            throws InterruptedException {
        Map<String, PublisherCredential> publishers = new HashMap<>();
        for (PluginJar jar : jars) {
            String namespace = jar.coordinate().plugin().namespace();
            if (!publishers.containsKey(namespace)) {
                publishers.put(namespace, publisher(registry, token, namespace));
            }
        }
        return jar -> {
            PublisherCredential publisher = publishers.get(jar.coordinate().plugin().namespace());
            return publisher == null ? List.of() : List.of(publisher.sign(jar));
        };
    }

    private static PublisherCredential publisher(URI registry, Secret token, String namespace)
            throws InterruptedException {
        PublisherCredential.claim(registry, token, namespace);
        return PublisherCredential.request(
                registry,
                token,
                namespace,
                new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256)));
    }
}
