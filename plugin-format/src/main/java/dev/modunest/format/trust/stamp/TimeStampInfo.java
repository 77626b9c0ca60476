package dev.modunest.format.trust.stamp;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerTime;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;
import dev.modunest.format.trust.json.Octets;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a time-stamping authority signs (RFC 3161 2.4.2, TSTInfo).
 *
 * @param imprint the hash of what is stamped
 * @param accuracy by how much the time may be off
 */
public record TimeStampInfo(
        String policy,
        HashAlgorithm hash,
        Octets imprint,
        BigInteger serial,
        Instant time,
        Duration accuracy) {

    static TimeStampInfo parse(byte[] der) {
        DerSequence fields = DerValue.parse(der).members(Tag.SEQUENCE);
        if (fields.next().smallInteger() != 1) {
            throw new IllegalArgumentException("a time stamp is not of version 1");
        }
        String policy = fields.next().oid();
        DerSequence imprint = fields.next().members(Tag.SEQUENCE);
        HashAlgorithm hash = HashAlgorithm.of(imprint.next());
        byte[] digest = imprint.next().octets();
        imprint.end();
        BigInteger serial = fields.next().integer();
        Instant time = DerTime.generalized(fields.next());
        Duration accuracy =
                fields.nextIf(Tag.SEQUENCE).map(TimeStampInfo::accuracy).orElse(Duration.ZERO);
        Optional<DerValue> ordering = fields.nextIf(Tag.BOOLEAN);
        if (ordering.isPresent() && !ordering.get().bool()) {
            throw new IllegalArgumentException("a default is written out, which DER forbids");
        }
        fields.nextIf(Tag.INTEGER);
        fields.nextIf(Tag.constructed(0));
        if (fields.hasNext()) {
            throw new IllegalArgumentException("a time stamp has extensions");
        }
        return new TimeStampInfo(policy, hash, Octets.of(digest), serial, time, accuracy);
    }

    private static Duration accuracy(DerValue value) {
        DerSequence fields = value.members(Tag.SEQUENCE);
        Duration seconds =
                Duration.ofSeconds(
                        fields.nextIf(Tag.INTEGER).map(DerValue::smallInteger).orElse(0));
        Duration millis = Duration.ofMillis(fraction(fields.nextIf(Tag.context(0))));
        Duration micros = Duration.ofNanos(1_000L * fraction(fields.nextIf(Tag.context(1))));
        fields.end();
        return seconds.plus(millis).plus(micros);
    }

    private static int fraction(Optional<DerValue> value) {
        int fraction = value.map(part -> new BigInteger(part.content()).intValueExact()).orElse(0);
        if (fraction < 0 || fraction > 999) {
            throw new IllegalArgumentException("the accuracy of a time stamp is out of range");
        }
        return fraction;
    }

    /** The earliest and the latest instant at which the stamp may have been made. */
    public Instant earliest() {
        return time.minus(accuracy);
    }

    public Instant latest() {
        return time.plus(accuracy);
    }
}
