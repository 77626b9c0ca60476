package dev.modunest.server.token;

import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.SealedKey;
import dev.modunest.server.password.Sealer;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys of one algorithm that the servers of a registry sign with, kept sealed in the index and
 * the same for all servers. The next key is published before it signs, and the last after it
 * signed, so that whoever keeps a key set for less than the overlap knows every key that it meets.
 * Thread-safe.
 */
final class RotatedKeys<K> {

    /** For an unknown key id the index is asked again, but not at once again. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final KeyForm<K> form;
    private final Database database;
    private final TokenConfig config;
    private final Duration signatureLife;
    private final Sealer sealer;
    private final InstantSource clock;
    private final AtomicReference<Known<K>> known;

    private record Known<K>(Map<String, SigningKey<K>> keys, Instant readAt) {}

    /**
     * Makes the first key when there is none.
     *
     * @param signatureLife how long what is signed is valid at most
     * @throws Sealer.SealException when the key file is not the one of this index
     */
    RotatedKeys(
            KeyForm<K> form,
            Database database,
            TokenConfig config,
            Duration signatureLife,
            Sealer sealer,
            InstantSource clock) {
        this.form = form;
        this.database = database;
        this.config = config;
        this.signatureLife = signatureLife;
        this.sealer = sealer;
        this.clock = clock;
        this.known = new AtomicReference<>(new Known<>(Map.of(), Instant.EPOCH));
        rotate();
    }

    /** Makes the next key when it is time, and takes up what other servers made. */
    void rotate() {
        Instant now = clock.instant();
        List<SealedKey> keys =
                database.inTransaction(
                        tx -> {
                            tx.signingKeys().lock();
                            tx.signingKeys().deleteExpired(now);
                            ensure(tx, now);
                            return list(tx, now);
                        });
        take(keys, now);
    }

    private void ensure(Transaction tx, Instant now) {
        Optional<Instant> covered =
                list(tx, now).stream()
                        .map(SealedKey::retiredAt)
                        .max(Instant::compareTo)
                        .filter(retired -> retired.isAfter(now));
        if (covered.filter(until -> until.isAfter(now.plus(config.keyOverlap()))).isEmpty()) {
            tx.signingKeys().insert(newKey(now, covered.orElse(now)));
        }
    }

    private List<SealedKey> list(Transaction tx, Instant now) {
        return tx.signingKeys().list(now).stream()
                .filter(key -> key.algorithm().equals(form.algorithm()))
                .toList();
    }

    private SealedKey newKey(Instant now, Instant active) {
        try {
            KeyPair pair = form.generate();
            String kid = form.kid(pair.getPublic());
            Instant retired = active.plus(config.keyRotation());
            return new SealedKey(
                    kid,
                    form.algorithm(),
                    pair.getPublic().getEncoded(),
                    sealer.seal(pair.getPrivate().getEncoded(), place(kid)),
                    now,
                    active,
                    retired,
                    retired.plus(signatureLife).plus(config.keyOverlap()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "the JDK has no keys for " + form.algorithm(), impossible);
        }
    }

    private static String place(String kid) {
        return "signing-key:" + kid;
    }

    private void take(List<SealedKey> keys, Instant now) {
        Map<String, SigningKey<K>> have = known.get().keys();
        known.set(
                new Known<>(
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

    private SigningKey<K> open(SealedKey key) {
        try {
            KeyFactory factory = KeyFactory.getInstance(form.keyFactory());
            KeyPair pair =
                    new KeyPair(
                            factory.generatePublic(new X509EncodedKeySpec(key.publicKey())),
                            factory.generatePrivate(
                                    new PKCS8EncodedKeySpec(
                                            sealer.open(key.privateSealed(), place(key.kid())))));
            return new SigningKey<>(
                    key.kid(), form.use(pair), key.activeAt(), key.retiredAt(), key.expiresAt());
        } catch (GeneralSecurityException corrupt) {
            throw new IllegalStateException(
                    "the signing key " + key.kid() + " in the index cannot be opened", corrupt);
        }
    }

    /** The key that signs now. */
    SigningKey<K> signing() {
        Instant now = clock.instant();
        return signingAt(now)
                .or(
                        () -> {
                            rotate();
                            return signingAt(now);
                        })
                .orElseThrow(() -> new IllegalStateException("no key signs at " + now));
    }

    private Optional<SigningKey<K>> signingAt(Instant now) {
        return known.get().keys().values().stream().filter(key -> key.signsAt(now)).findFirst();
    }

    /** The key of that id; asks the index when another server may have made it. */
    Optional<SigningKey<K>> find(String kid) {
        Optional<SigningKey<K>> key = Optional.ofNullable(known.get().keys().get(kid));
        Instant now = clock.instant();
        if (key.isEmpty() && known.get().readAt().plus(BETWEEN_LOOKS).isBefore(now)) {
            take(database.read(tx -> list(tx, now)), now);
            return Optional.ofNullable(known.get().keys().get(kid));
        }
        return key.filter(found -> now.isBefore(found.expiresAt()));
    }

    /**
     * All keys that something may have been signed with, or will be; in one order, so that the same
     * keys make the same document.
     */
    List<SigningKey<K>> published() {
        return known.get().keys().values().stream()
                .sorted(
                        Comparator.comparing((SigningKey<K> key) -> key.activeAt())
                                .thenComparing(SigningKey::kid))
                .toList();
    }
}
