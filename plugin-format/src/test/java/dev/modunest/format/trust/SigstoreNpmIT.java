package dev.modunest.format.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modunest.format.trust.testing.ReleaseFiles;
import dev.modunest.format.trust.testing.Tool;
import dev.modunest.format.trust.testing.TrustFixture;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Bundles of releases verify with npm's {@code @sigstore/verify}, given our trust root, where node
 * and npm are present.
 */
class SigstoreNpmIT {

    private static final Path DIRECTORY = Path.of("target", "sigstore-npm").toAbsolutePath();
    private static final String SCRIPT =
            """
            const { readFileSync } = require('fs');
            const { bundleFromJSON } = require('@sigstore/bundle');
            const { TrustedRoot } = require('@sigstore/protobuf-specs');
            const { toTrustMaterial, toSignedEntity, Verifier } = require('@sigstore/verify');
            const json = name => JSON.parse(readFileSync(name, 'utf8'));
            const trust = toTrustMaterial(TrustedRoot.fromJSON(json('trusted_root.json')));
            const verifier = new Verifier(trust, {tlogThreshold: 1, ctlogThreshold: 0, tsaThreshold: 1});
            for (const [name, san] of [
                ['publisher.sigstore.json', 'https://registry.example.com/publishers/acme'],
                ['summary.sigstore.json', 'https://registry.example.com/registry']]) {
              verifier.verify(toSignedEntity(bundleFromJSON(json(name))),
                  {subjectAlternativeName: san, extensions: {issuer: 'https://registry.example.com'}});
              console.log('verified ' + name);
            }
            """;

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(
                Tool.isPresent("node", "--version") && Tool.isPresent("npm", "--version"),
                "node and npm are not both present");
        Files.createDirectories(DIRECTORY);
        if (!Files.isDirectory(DIRECTORY.resolve("node_modules/@sigstore/verify"))) {
            Files.writeString(DIRECTORY.resolve("package.json"), "{\"private\": true}");
            Tool installed =
                    Tool.run(
                            DIRECTORY,
                            "npm",
                            "install",
                            "--no-audit",
                            "--no-fund",
                            "--ignore-scripts",
                            "@sigstore/verify@3",
                            "@sigstore/bundle@4",
                            "@sigstore/protobuf-specs@0.5");
            assumeTrue(installed.exit() == 0, "npm cannot install: " + installed.output());
        }
        Files.writeString(DIRECTORY.resolve("verify.js"), SCRIPT);
    }

    @Test
    void verifiesBothBundles() throws Exception {
        TrustFixture fixture = new TrustFixture();
        ReleaseFiles.write(fixture, fixture.release(), DIRECTORY);
        Tool verified = Tool.run(DIRECTORY, "node", "verify.js");
        assertThat(verified.output())
                .contains("verified publisher.sigstore.json")
                .contains("verified summary.sigstore.json");
        assertThat(verified.exit()).isZero();
    }

    @Test
    void refusesAChangedStatement() throws Exception {
        TrustFixture fixture = new TrustFixture();
        ReleaseFiles.write(fixture, fixture.release(), DIRECTORY);
        Path bundle = DIRECTORY.resolve("publisher.sigstore.json");
        String changed =
                Files.readString(bundle, StandardCharsets.UTF_8)
                        .replace("\"payload\":\"ey", "\"payload\":\"eA");
        Files.writeString(bundle, changed);
        assertThat(Tool.run(DIRECTORY, "node", "verify.js").exit()).isNotZero();
    }
}
