package dev.modunest.standalone.synthetic;

import java.util.List;
import java.util.Random;

/** Words that names and texts are made of, the more usual ones first. */
final class Words {

    static final List<String> TOPICS =
            list(
                    """
                    json xml csv yaml markdown http sql kafka redis git image pdf mail search cache metrics tracing log
                    oauth ldap s3 graph chart table form calendar map audio video barcode excel word slack jira docker
                    kubernetes ansible terraform spring gradle maven python kotlin scala groovy rust ruby perl haskell
                    postgres mysql oracle mongo cassandra elastic solr neo4j spark hadoop flink airflow parquet avro
                    protobuf grpc soap graphql rest websocket mqtt amqp ftp ssh dns tls jwt saml kerberos vault ocr
                    speech translation sentiment invoice payroll billing tax currency ledger trading risk audit backup
                    archive snapshot diff merge review lint format template theme icon font layout dashboard report
                    notification scheduler workflow queue batch stream geo weather traffic sensor robot drone bluetooth
                    printer scanner camera survey quiz lesson patient clinic pharmacy genome protein telescope satellite
                    harbor freight parcel warehouse recipe garden stadium ticket hotel flight podcast museum
                    """);

    static final List<String> KINDS =
            list(
                    """
                    viewer editor parser exporter importer client server connector adapter bridge reader writer
                    converter generator validator formatter linter indexer crawler monitor reporter planner runner
                    builder loader mapper router proxy gateway tracker counter sampler profiler debugger inspector
                    explorer browser console terminal panel widget toolbar wizard assistant advisor optimizer
                    compressor encoder decoder signer verifier scanner cleaner merger splitter sorter filter matcher
                    resolver provider registry store vault pool timer clock diary archive mirror sync backup
                    """);

    static final List<String> QUALIFIERS =
            list(
                    """
                    simple fast tiny better open smart async reactive secure native modern universal portable live
                    remote local shared embedded distributed streaming incremental parallel typed strict lazy pure
                    classic advanced enterprise pocket rapid robust silent visual virtual magic atomic nimble lucid
                    """);

    static final List<String> CATEGORIES =
            list(
                    """
                    tools data text web database security build monitoring cloud messaging media office finance
                    science education health maps games devices languages testing themes documentation automation
                    """);

    static final List<String> LICENSES =
            List.of(
                    "Apache-2.0",
                    "MIT",
                    "BSD-3-Clause",
                    "EPL-2.0",
                    "GPL-3.0-only",
                    "LGPL-3.0-only",
                    "MPL-2.0",
                    "AGPL-3.0-only",
                    "ISC",
                    "LicenseRef-Proprietary");

    private static final List<String> BEGINS =
            list("b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sh sk st t tr v w x z");

    private static final List<String> MIDDLES = list("a e i o u ai ea io ou y");

    private static final List<String> ENDS = list("b ck d l ll m n nd r rk s st t th v x ng sh");

    private Words() {}

    private static List<String> list(String words) {
        return List.of(words.strip().split("\\s+"));
    }

    static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    /** The first words the most often. */
    static String pickUsual(List<String> words, Random random) {
        return words.get(Draws.skewed(random, words.size(), 1.8));
    }

    /** A word that no dictionary has, of two or three syllables. */
    static String coined(Random random) {
        StringBuilder word = new StringBuilder();
        int syllables = 2 + random.nextInt(2);
        for (int i = 0; i < syllables; i++) {
            word.append(pick(BEGINS, random)).append(pick(MIDDLES, random));
        }
        return random.nextInt(3) == 0
                ? word.toString()
                : word.append(pick(ENDS, random)).toString();
    }
}
