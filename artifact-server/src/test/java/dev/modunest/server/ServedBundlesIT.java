package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.testing.Tool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a running registry serves of a release verifies with {@code openssl} and npm's
 * {@code @sigstore/verify}, given its {@code trusted_root.json} and nothing else, where they are
 * present.
 */
class ServedBundlesIT {

    private static final Path DIRECTORY = Path.of("target", "served-bundles").toAbsolutePath();
    private static final Coordinate RELEASE = Coordinate.parse("acme/served@1.0.0");
    private static final String SCRIPT =
            """
            const { readFileSync } = require('fs');
            const { bundleFromJSON } = require('@sigstore/bundle');
            const { TrustedRoot } = require('@sigstore/protobuf-specs');
            const { toTrustMaterial, toSignedEntity, Verifier } = require('@sigstore/verify');
            const json = name => JSON.parse(readFileSync(name, 'utf8'));
            const trust = toTrustMaterial(TrustedRoot.fromJSON(json('trusted_root.json')));
            const verifier = new Verifier(trust, {tlogThreshold: 1, ctlogThreshold: 0, tsaThreshold: 1});
            const [, , name, identity] = process.argv;
            verifier.verify(toSignedEntity(bundleFromJSON(json(name))),
                {subjectAlternativeName: identity, extensions: {issuer: 'https://localhost'}});
            console.log('verified ' + name);
            """;

    private static TestRegistry registry;

    @BeforeAll
    static void publish() throws IOException {
        Files.createDirectories(DIRECTORY);
        registry = TestRegistry.start();
        TestPublisher acme = TestPublisher.of(registry, "acme");
        byte[] jar = TestJars.library(RELEASE.toString());
        ReleaseBundle signed = acme.sign(RELEASE, jar);
        HttpResponse<byte[]> sent =
                registry.send(
                        registry.request("/api/v1/plugins/acme/served/1.0.0/bundle")
                                .header("Authorization", "Bearer " + registry.token())
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(signed.bytes())));
        assertThat(sent.statusCode()).isEqualTo(201);
        assertThat(
                        registry.publish(
                                        RELEASE.toString(),
                                        jar,
                                        "Publisher-Bundle",
                                        signed.publisherDigest().toString())
                                .statusCode())
                .isEqualTo(201);
        Files.copy(
                registry.server().trust().file("trusted_root.json"),
                DIRECTORY.resolve("trusted_root.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        for (String bundle : List.of("publisher.sigstore.json", "vsa.sigstore.json")) {
            Files.write(DIRECTORY.resolve(bundle), served(bundle.replace("publisher", "")));
        }
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static byte[] served(String suffix) {
        HttpResponse<byte[]> response =
                registry.get(
                        "/artifacts/acme/served/1.0.0/"
                                + RELEASE.fileName()
                                + (suffix.startsWith(".") ? "" : ".")
                                + suffix);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static ReleaseBundle bundle(String file) throws IOException {
        return ReleaseBundle.parse(Files.readAllBytes(DIRECTORY.resolve(file)));
    }

    private static void pem(String file, String type, byte[] der) throws IOException {
        Files.writeString(
                DIRECTORY.resolve(file),
                "-----BEGIN "
                        + type
                        + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END "
                        + type
                        + "-----\n",
                StandardCharsets.US_ASCII);
    }

    /** Certificates of an authority in the trust root, the root's last. */
    private static List<byte[]> chain(String authorities) throws IOException {
        JsonNode root =
                StrictJson.object(Files.readAllBytes(DIRECTORY.resolve("trusted_root.json")));
        List<byte[]> chain = new ArrayList<>();
        root.path(authorities)
                .path(0)
                .path("certChain")
                .path("certificates")
                .forEach(
                        one ->
                                chain.add(
                                        Base64.getDecoder().decode(one.path("rawBytes").asText())));
        return chain;
    }

    private static Tool openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return Tool.run(DIRECTORY, command.toArray(String[]::new));
    }

    @Test
    void opensslVerifiesChainListTimeAndSignature() throws Exception {
        assumeTrue(Tool.isPresent("openssl", "version"), "openssl is not present");
        pem("root.pem", "CERTIFICATE", chain("certificateAuthorities").getLast());
        pem("issuing.pem", "CERTIFICATE", chain("certificateAuthorities").getFirst());
        pem("tsa.pem", "CERTIFICATE", chain("timestampAuthorities").getFirst());
        pem("crl.pem", "X509 CRL", registry.get("/pki/i1.crl").body());
        for (String file : List.of("publisher.sigstore.json", "vsa.sigstore.json")) {
            ReleaseBundle bundle = bundle(file);
            Files.writeString(DIRECTORY.resolve("signer.pem"), bundle.certificate().pem());
            Files.write(DIRECTORY.resolve("pae"), bundle.envelope().pae());
            Files.write(DIRECTORY.resolve("signature"), bundle.envelope().signature());
            Files.write(DIRECTORY.resolve("stamp.tsr"), bundle.timeStamps().getFirst().bytes());
            assertThat(
                            openssl(
                                            "verify",
                                            "-x509_strict",
                                            "-crl_check",
                                            "-CRLfile",
                                            "crl.pem",
                                            "-CAfile",
                                            "root.pem",
                                            "-untrusted",
                                            "issuing.pem",
                                            "signer.pem")
                                    .output())
                    .contains("signer.pem: OK");
            assertThat(
                            openssl(
                                            "ts",
                                            "-verify",
                                            "-in",
                                            "stamp.tsr",
                                            "-data",
                                            "signature",
                                            "-CAfile",
                                            "root.pem",
                                            "-untrusted",
                                            "tsa.pem")
                                    .output())
                    .contains("Verification: OK");
            openssl("x509", "-in", "signer.pem", "-pubkey", "-noout", "-out", "key.pem");
            assertThat(
                            openssl(
                                            "dgst",
                                            "-sha256",
                                            "-verify",
                                            "key.pem",
                                            "-signature",
                                            "signature",
                                            "pae")
                                    .output())
                    .contains("Verified OK");
        }
    }

    @Test
    void npmsSigstoreVerifiesBothBundles() throws Exception {
        assumeTrue(
                Tool.isPresent("node", "--version") && Tool.isPresent("npm", "--version"),
                "node and npm are not both present");
        install();
        Files.writeString(DIRECTORY.resolve("verify.js"), SCRIPT);
        String publisher = "https://localhost/publishers/acme";
        verifies("publisher.sigstore.json", publisher);
        verifies("vsa.sigstore.json", "https://localhost/registry");
        assertThat(Tool.run(DIRECTORY, "node", "verify.js", "vsa.sigstore.json", publisher).exit())
                .isNotZero();
    }

    private static void verifies(String file, String identity) throws Exception {
        Tool verified = Tool.run(DIRECTORY, "node", "verify.js", file, identity);
        assertThat(verified.output()).contains("verified " + file);
        assertThat(verified.exit()).isZero();
    }

    private static void install() throws Exception {
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
    }
}
