package dev.modunest.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.stream.Collectors;

/** What docs/architecture.md says of the modules and packages. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("/shaded/"))
                    .importPackages("dev.modunest");

    @Test
    void everyModuleIsLookedAt() {
        Set<String> packages =
                CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(packages)
                .contains(
                        "dev.modunest.format",
                        "dev.modunest.settings",
                        "dev.modunest.telemetry",
                        "dev.modunest.db",
                        "dev.modunest.server",
                        "dev.modunest.edge",
                        "dev.modunest.loader",
                        "dev.modunest.standalone");
    }

    @Test
    void modulesKnowOnlyWhatTheyMay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.modunest..")
                .layer("format")
                .definedBy("dev.modunest.format..")
                .layer("settings")
                .definedBy("dev.modunest.settings..")
                .layer("telemetry")
                .definedBy("dev.modunest.telemetry..")
                .layer("db")
                .definedBy("dev.modunest.db..")
                .layer("server")
                .definedBy("dev.modunest.server..")
                .layer("edge")
                .definedBy("dev.modunest.edge..")
                .layer("loader")
                .definedBy("dev.modunest.loader..")
                .layer("samples")
                .definedBy("dev.modunest.samples..")
                .layer("standalone")
                .definedBy("dev.modunest.standalone..")
                .whereLayer("settings")
                .mayOnlyBeAccessedByLayers("telemetry", "db", "server", "edge", "standalone")
                .whereLayer("telemetry")
                .mayOnlyBeAccessedByLayers("server", "edge", "standalone")
                .whereLayer("db")
                .mayOnlyBeAccessedByLayers("server", "standalone")
                .whereLayer("server")
                .mayOnlyBeAccessedByLayers("standalone")
                .whereLayer("edge")
                .mayOnlyBeAccessedByLayers("standalone")
                .whereLayer("loader")
                .mayOnlyBeAccessedByLayers("samples", "standalone")
                .whereLayer("samples")
                .mayOnlyBeAccessedByLayers("standalone")
                .whereLayer("standalone")
                .mayNotBeAccessedByAnyLayer()
                .ignoreDependency(
                        alwaysTrue(),
                        JavaClass.Predicates.resideInAPackage("dev.modunest.format.."))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().assignedFrom(byPackage()).should().beFreeOfCycles().check(CLASSES);
    }

    private static SliceAssignment byPackage() {
        return new SliceAssignment() {
            @Override
            public String getDescription() {
                return "packages";
            }

            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return SliceIdentifier.of(javaClass.getPackageName());
            }
        };
    }

    @Test
    void featuresOfTheServerDoNotImportEachOther() {
        String[] features = {
            "access",
            "account",
            "audit",
            "ca",
            "catalog",
            "download",
            "events",
            "host",
            "lifecycle",
            "namespace",
            "oauth",
            "organization",
            "publish",
            "resolve",
            "signin",
            "timestamp",
            "trusted"
        };
        for (String feature : features) {
            for (String other : features) {
                if (!feature.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage("dev.modunest.server." + feature + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("dev.modunest.server." + other + "..")
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void onlyTheIndexSpeaksJdbc() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.modunest.db..")
                .and()
                .areNotAssignableTo(EmbeddedPostgresServer.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.jdbi..", "org.postgresql..")
                .check(CLASSES);
    }

    @Test
    void noClassNeedsThePreviewFlag() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.concurrent\\.StructuredTaskScope.*")
                .because("docs/decisions/0018")
                .check(CLASSES);
    }

    @Test
    void namesSaySomething() {
        classes()
                .should()
                .haveNameNotMatching(".*(Manager|Helper|Utils?|Impl|Common|Dto)$")
                .check(CLASSES);
    }
}
