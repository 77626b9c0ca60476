package dev.modunest.loader.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.PluginId;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.Outcome;

/** What tests ask of a report. */
public final class Reports {

    private Reports() {}

    public static Outcome outcome(LoadReport report, String plugin) {
        return report.plugins().stream()
                .filter(one -> one.coordinate().plugin().equals(PluginId.parse(plugin)))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    public static Outcome.Failed failed(LoadReport report, String plugin) {
        Outcome outcome = outcome(report, plugin);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) outcome;
    }
}
