package dev.modunest.server.token;

import dev.modunest.db.Database;
import dev.modunest.format.Digest;
import dev.modunest.format.http.SignedArtifactUrl;
import dev.modunest.format.sign.Ed25519KeySet;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.server.password.Sealer;

import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Signs URLs of private artifacts for those who may read them, and knows them again. Thread-safe.
 */
public final class ArtifactUrls {

    private static final class Form implements KeyForm<Signer> {

        @Override
        public String algorithm() {
            return "EdDSA";
        }

        @Override
        public String keyFactory() {
            return "Ed25519";
        }

        @Override
        public KeyPair generate() {
            return KeyPairSigner.generate(SignatureAlgorithm.ED25519);
        }

        @Override
        public String kid(PublicKey key) {
            return Ed25519KeySet.kid(VerifyingKey.of(key));
        }

        @Override
        public Signer use(KeyPair pair) {
            return new KeyPairSigner(pair);
        }
    }

    private final RotatedKeys<Signer> keys;
    private final Duration lifetime;
    private final InstantSource clock;

    /**
     * Makes the first key when there is none.
     *
     * @param lifetime of a URL
     * @throws Sealer.SealException when the key file is not the one of this index
     */
    public ArtifactUrls(
            Database database,
            TokenConfig config,
            Duration lifetime,
            Sealer sealer,
            InstantSource clock) {
        this.keys =
                new RotatedKeys<>(
                        new Form(),
                        database,
                        config,
                        SignedArtifactUrl.MAX_LIFETIME,
                        sealer,
                        clock);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** Makes the next key when it is time, and takes up what other servers made. */
    public void rotate() {
        keys.rotate();
    }

    /** Path and query for somebody who may read the artifact now. */
    public String sign(Digest digest) {
        SigningKey<Signer> key = keys.signing();
        return SignedArtifactUrl.sign(digest, clock.instant().plus(lifetime), key.kid(), key.use())
                .toString();
    }

    /** Whether {@code query} was signed here for the artifact and still holds. */
    public boolean proves(Digest digest, String query) {
        return SignedArtifactUrl.parse(digest, query)
                .filter(url -> url.isWithinLifetime(clock.instant()))
                .filter(
                        url ->
                                keys.find(url.kid())
                                        .filter(key -> url.proves(key.use().key(), clock.instant()))
                                        .isPresent())
                .isPresent();
    }

    /** The keys that verify such URLs, as RFC 8037 writes them. */
    public String keySet() {
        return Ed25519KeySet.write(keys.published().stream().map(key -> key.use().key()).toList());
    }
}
