package dev.modunest.server.token;

import com.auth0.jwt.algorithms.Algorithm;

import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.SealedKey;
import dev.modunest.format.Digest;
import dev.modunest.server.password.Sealer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The P-256 keys of access tokens, kept sealed in the index and the same for all servers. The next
 * key is published before it signs, and the last after it signed, so that whoever keeps a key set
 * for less than the overlap knows every key that it meets. Thread-safe.
 */
public final class SigningKeys {

    private static final String ALGORITHM = "ES256";

    /** For an unknown key id the index is asked again, but not at once again. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Database database;
    private final TokenConfig config;
    private final Sealer sealer;
    private final InstantSource clock;
    private final AtomicReference<Known> known;

    private record Known(Map<String, SigningKey> keys, Instant readAt) {}

    /**
     * Makes the first key when there is none.
     *
     * @throws Sealer.SealException when the key file is not the one of this index
     */
    public SigningKeys(Database database, TokenConfig config, Sealer sealer, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.sealer = sealer;
        this.clock = clock;
        this.known = new AtomicReference<>(new Known(Map.of(), Instant.EPOCH));
        rotate();
    }

    /** Makes the next key when it is time, and takes up what other servers made. */
    public void rotate() {
        Instant now = clock.instant();
        List<SealedKey> keys =
                database.inTransaction(
                        tx -> {
                            tx.signingKeys().lock();
                            tx.signingKeys().deleteExpired(now);
                            ensure(tx, now);
                            return tx.signingKeys().list(now);
                        });
        take(keys, now);
    }

    private void ensure(Transaction tx, Instant now) {
        Optional<Instant> covered =
                tx.signingKeys().list(now).stream()
                        .map(SealedKey::retiredAt)
                        .max(Instant::compareTo)
                        .filter(retired -> retired.isAfter(now));
        if (covered.filter(until -> until.isAfter(now.plus(config.keyOverlap()))).isEmpty()) {
            tx.signingKeys().insert(newKey(now, covered.orElse(now)));
        }
    }

    private SealedKey newKey(Instant now, Instant active) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            String kid = Jwks.thumbprint((ECPublicKey) pair.getPublic());
            Instant retired = active.plus(config.keyRotation());
            return new SealedKey(
                    kid,
                    ALGORITHM,
                    pair.getPublic().getEncoded(),
                    sealer.seal(pair.getPrivate().getEncoded(), place(kid)),
                    now,
                    active,
                    retired,
                    retired.plus(config.accessToken()).plus(config.keyOverlap()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK has no P-256", impossible);
        }
    }

    private static String place(String kid) {
        return "signing-key:" + kid;
    }

    private void take(List<SealedKey> keys, Instant now) {
        Map<String, SigningKey> have = known.get().keys();
        known.set(
                new Known(
                        keys.stream()
                                .map(
                                        key ->
                                                Optional.ofNullable(have.get(key.kid()))
                                                        .orElseGet(() -> open(key)))
                                .collect(
                                        Collectors.toUnmodifiableMap(
                                                SigningKey::kid, Function.identity())),
                        now));
    }

    private SigningKey open(SealedKey key) {
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            ECPublicKey publicKey =
                    (ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(key.publicKey()));
            ECPrivateKey privateKey =
                    (ECPrivateKey)
                            factory.generatePrivate(
                                    new PKCS8EncodedKeySpec(
                                            sealer.open(key.privateSealed(), place(key.kid()))));
            return new SigningKey(
                    key.kid(),
                    publicKey,
                    Algorithm.ECDSA256(publicKey, privateKey),
                    key.activeAt(),
                    key.retiredAt(),
                    key.expiresAt());
        } catch (GeneralSecurityException corrupt) {
            throw new IllegalStateException(
                    "the signing key " + key.kid() + " in the index cannot be opened", corrupt);
        }
    }

    /** The key that signs now. */
    SigningKey signing() {
        Instant now = clock.instant();
        return signingAt(now)
                .or(
                        () -> {
                            rotate();
                            return signingAt(now);
                        })
                .orElseThrow(() -> new IllegalStateException("no key signs at " + now));
    }

    private Optional<SigningKey> signingAt(Instant now) {
        return known.get().keys().values().stream().filter(key -> key.signsAt(now)).findFirst();
    }

    /** The key of that id; asks the index when another server may have made it. */
    Optional<SigningKey> find(String kid) {
        Optional<SigningKey> key = Optional.ofNullable(known.get().keys().get(kid));
        Instant now = clock.instant();
        if (key.isEmpty() && known.get().readAt().plus(BETWEEN_LOOKS).isBefore(now)) {
            take(database.read(tx -> tx.signingKeys().list(now)), now);
            return Optional.ofNullable(known.get().keys().get(kid));
        }
        return key.filter(found -> now.isBefore(found.expiresAt()));
    }

    /** All keys that a token may have been signed with, or will be, as RFC 7517 writes them. */
    public String jwks() {
        return Jwks.document(List.copyOf(known.get().keys().values()));
    }

    /** Changes with the key set. */
    public String jwksTag() {
        return "\""
                + Digest.ofBytes(jwks().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32)
                + "\"";
    }
}
