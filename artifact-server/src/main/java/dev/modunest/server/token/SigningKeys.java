package dev.modunest.server.token;

import com.auth0.jwt.algorithms.Algorithm;

import dev.modunest.db.Database;
import dev.modunest.server.password.Sealer;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Optional;

/** The P-256 keys of access tokens. Thread-safe. */
public final class SigningKeys {

    /** A key of access tokens. */
    record TokenKey(ECPublicKey publicKey, Algorithm algorithm) {}

    private static final class Form implements KeyForm<TokenKey> {

        @Override
        public String algorithm() {
            return "ES256";
        }

        @Override
        public String keyFactory() {
            return "EC";
        }

        @Override
        public KeyPair generate() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        }

        @Override
        public String kid(PublicKey key) {
            return Jwks.thumbprint((ECPublicKey) key);
        }

        @Override
        public TokenKey use(KeyPair pair) {
            ECPublicKey publicKey = (ECPublicKey) pair.getPublic();
            return new TokenKey(
                    publicKey, Algorithm.ECDSA256(publicKey, (ECPrivateKey) pair.getPrivate()));
        }
    }

    private final RotatedKeys<TokenKey> keys;

    /**
     * Makes the first key when there is none.
     *
     * @throws Sealer.SealException when the key file is not the one of this index
     */
    public SigningKeys(Database database, TokenConfig config, Sealer sealer, InstantSource clock) {
        this.keys =
                new RotatedKeys<>(
                        new Form(), database, config, config.accessToken(), sealer, clock);
    }

    /** Makes the next key when it is time, and takes up what other servers made. */
    public void rotate() {
        keys.rotate();
    }

    /** The key that signs now. */
    SigningKey<TokenKey> signing() {
        return keys.signing();
    }

    /** The key of that id; asks the index when another server may have made it. */
    Optional<SigningKey<TokenKey>> find(String kid) {
        return keys.find(kid);
    }

    /** All keys that a token may have been signed with, or will be, as RFC 7517 writes them. */
    public String jwks() {
        return Jwks.document(keys.published());
    }
}
