package dev.modunest.standalone.synthetic;

import java.math.BigInteger;

/** Orders all ranks so that neighbours in one order are far apart in the other. */
final class Spread {

    private final int plugins;
    private final long stride;

    Spread(int plugins) {
        this.plugins = plugins;
        this.stride = stride(plugins);
    }

    /** About five eighths of {@code plugins}, with no divisor in common. */
    private static int stride(int plugins) {
        BigInteger all = BigInteger.valueOf(plugins);
        int stride = Math.max(1, (int) (plugins * 0.618));
        while (!BigInteger.valueOf(stride).gcd(all).equals(BigInteger.ONE)) {
            stride++;
        }
        return stride;
    }

    /** The rank in that place; each rank has one. */
    int rank(int place) {
        return (int) (place * stride % plugins);
    }
}
