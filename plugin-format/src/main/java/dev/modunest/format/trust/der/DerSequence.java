package dev.modunest.format.trust.der;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The values inside a constructed value, read in their order. Not thread-safe. */
public final class DerSequence {

    private final byte[] source;
    private final int end;
    private int at;

    DerSequence(byte[] source, int start, int end) {
        this.source = source;
        this.at = start;
        this.end = end;
    }

    public boolean hasNext() {
        return at < end;
    }

    public DerValue next() {
        if (!hasNext()) {
            throw new IllegalArgumentException("a value is missing in a DER sequence");
        }
        DerValue value = DerValue.at(source, at, end);
        at += value.encodedLength();
        return value;
    }

    /** The next value when it has this tag. */
    public Optional<DerValue> nextIf(int tag) {
        return hasNext() && (source[at] & 0xff) == tag ? Optional.of(next()) : Optional.empty();
    }

    /** All that are left. */
    public List<DerValue> rest() {
        List<DerValue> values = new ArrayList<>();
        while (hasNext()) {
            values.add(next());
        }
        return values;
    }

    /** Demands that nothing is left. */
    public void end() {
        if (hasNext()) {
            throw new IllegalArgumentException("a DER sequence has more values than its type");
        }
    }
}
