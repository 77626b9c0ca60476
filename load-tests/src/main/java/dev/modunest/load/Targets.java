package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;

import io.gatling.javaapi.core.Assertion;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Most milliseconds that requests may take; absent: any. Each is an assertion of the run either
 * way, since Gatling prints the actual figure beside every assertion.
 */
record Targets(OptionalInt p50, OptionalInt p95, OptionalInt p99, OptionalInt max) {

    private static final int ANY = 3_600_000;

    /** For all requests of a run together. */
    List<Assertion> ofAll() {
        return of(() -> global());
    }

    /** For the requests, or the group of requests, of each name. */
    List<Assertion> of(List<String> names) {
        List<Assertion> assertions = new ArrayList<>();
        names.forEach(name -> assertions.addAll(of(() -> details(name))));
        return assertions;
    }

    private List<Assertion> of(Supplier<Assertion.WithPath> path) {
        return List.of(
                path.get().responseTime().percentile(50).lte(p50.orElse(ANY)),
                path.get().responseTime().percentile(95).lte(p95.orElse(ANY)),
                path.get().responseTime().percentile(99).lte(p99.orElse(ANY)),
                path.get().responseTime().max().lte(max.orElse(ANY)));
    }
}
