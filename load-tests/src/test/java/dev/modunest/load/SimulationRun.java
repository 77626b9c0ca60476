package dev.modunest.load;

import io.gatling.app.Gatling$;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs a simulation in this process as Gatling does, with options as system properties. */
final class SimulationRun {

    static final int PASSED = 0;
    static final int ASSERTIONS_FAILED = 2;

    private final Map<String, String> options = new HashMap<>();
    private final Class<?> simulation;
    private final Path results;

    SimulationRun(Class<?> simulation, Path results) {
        this.simulation = simulation;
        this.results = results;
    }

    SimulationRun with(String name, Object value) {
        options.put(name, value.toString());
        return this;
    }

    int run() {
        options.forEach(System::setProperty);
        try {
            return Gatling$.MODULE$.fromArgs(
                    new String[] {
                        "--simulation", simulation.getName(), "--results-folder", results.toString()
                    });
        } finally {
            options.keySet().forEach(System::clearProperty);
        }
    }
}
