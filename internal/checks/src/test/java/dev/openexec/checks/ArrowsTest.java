package dev.openexec.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who knows whom, among our packages and beyond them. A package that is not named here is a fault. */
class ArrowsTest {

    @Test
    void rooms_know_only_the_rooms_below() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .ensureAllClassesAreContainedInArchitecture()
                .layer("json")
                .definedBy("dev.openexec.json")
                .layer("approval")
                .definedBy("dev.openexec.approval")
                .layer("evidence")
                .definedBy("dev.openexec.evidence")
                .layer("action")
                .definedBy("dev.openexec.action")
                .layer("store")
                .definedBy("dev.openexec.store")
                .layer("door")
                .definedBy("dev.openexec")
                .layer("testkit")
                .definedBy("dev.openexec.testkit")
                .layer("jdbc")
                .definedBy("dev.openexec.store.jdbc")
                .layer("server")
                .definedBy("dev.openexec.server")
                .layer("cli")
                .definedBy("dev.openexec.cli")
                .layer("examples")
                .definedBy("dev.openexec.examples..")
                .whereLayer("json")
                .mayNotAccessAnyLayer()
                .whereLayer("approval")
                .mayOnlyAccessLayers("json")
                .whereLayer("evidence")
                .mayOnlyAccessLayers("json", "approval")
                .whereLayer("action")
                .mayOnlyAccessLayers("json", "approval")
                .whereLayer("store")
                .mayOnlyAccessLayers("json", "approval", "action", "evidence")
                .whereLayer("door")
                .mayOnlyAccessLayers("json", "approval", "action", "evidence", "store")
                .whereLayer("testkit")
                .mayOnlyAccessLayers("json", "approval", "action", "evidence", "store", "door")
                .whereLayer("jdbc")
                .mayOnlyAccessLayers("json", "approval", "action", "evidence", "store")
                .whereLayer("server")
                .mayOnlyAccessLayers("json", "approval", "action", "evidence", "store", "door", "jdbc")
                .whereLayer("cli")
                .mayOnlyAccessLayers("json", "approval", "action", "evidence", "store", "door", "jdbc")
                .whereLayer("examples")
                .mayOnlyAccessLayers("json", "approval", "action", "evidence", "store", "door", "jdbc")
                .check(Project.MAIN);
    }

    @Test
    void no_packages_know_each_other() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(Project.MAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "com.fasterxml.jackson..,  dev\\.openexec\\.(json\\..+|InputBinder.*|examples\\.journal\\..+)",
        "org.bouncycastle..,       dev\\.openexec\\.(approval|testkit)\\..+",
        "java.sql..,               dev\\.openexec\\.(store\\.jdbc\\..+|store\\.ExecutionStore.*|action\\.ActionContext"
                + "|Context|Claims.*|Failures|Runner|Transactions.*|testkit\\.TransactionSentences.*"
                + "|examples\\.(embedded|accounts)\\..+)",
        "org.sqlite..,             dev\\.openexec\\.(store\\.jdbc|examples\\.embedded)\\..+",
        "io.undertow..,            dev\\.openexec\\.server\\..+",
        "org.xnio..,               dev\\.openexec\\.server\\..+",
        "com.sun.net.httpserver..,  dev\\.openexec\\.cli\\.WitnessServer",
        "picocli..,                dev\\.openexec\\.cli\\..+",
        "java.util.logging..,      dev\\.openexec\\.(server\\.Logging|testkit\\.CapturedLog.*)",
        "org.junit..,              dev\\.openexec\\.testkit\\..+",
    })
    void a_library_is_known_in_one_place(String library, String place) {
        noClasses()
                .that()
                .haveNameNotMatching(place)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(Project.MAIN);
    }
}
