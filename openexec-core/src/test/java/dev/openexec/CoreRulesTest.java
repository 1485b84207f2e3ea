package dev.openexec;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.openexec.action.Action;
import java.net.URL;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What holds over the whole of the core, read from its byte code. */
class CoreRulesTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.openexec");

    @Test
    void action_run_has_one_call_site() {
        assertThat(CORE.stream().flatMap(type -> type.getCodeUnitAccessesFromSelf().stream())) // calls and references
                .filteredOn(access -> access.getTarget().getName().equals("run")
                        && access.getTargetOwner().isAssignableTo(Action.class))
                .singleElement()
                .extracting(JavaAccess::getOriginOwner)
                .matches(owner -> owner.isEquivalentTo(Runner.class));
    }

    /** A URL can open connections. The platform names places by it, and nothing is done with one but to read the name. */
    @Test
    void nothing_reaches_out_starts_a_process_or_reads_objects() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(?!(URI|URL|URISyntaxException)$).*|java\\.nio\\.channels\\..*Socket.*")
                .orShould()
                .callMethodWhere(target(owner(belongToAnyOf(URL.class))).and(not(target(name("toURI")))))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.rmi..", "javax.naming..", "javax.script..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.(Process|ProcessBuilder)")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.Object(Input|Output)Stream")
                .orShould()
                .callMethodWhere(target(nameMatching("forName|loadClass|exec"))
                        .and(target(owner(belongToAnyOf(Class.class, ClassLoader.class, Runtime.class))))));
    }

    @Test
    void one_room_touches_signatures() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.openexec.approval")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle.."));
    }

    @Test
    void time_comes_through_the_door() {
        check(noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class));
    }

    @Test
    void rooms_know_only_the_rooms_below() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("door")
                .definedBy("dev.openexec")
                .layer("store")
                .definedBy("dev.openexec.store")
                .layer("action")
                .definedBy("dev.openexec.action")
                .layer("approval")
                .definedBy("dev.openexec.approval")
                .layer("json")
                .definedBy("dev.openexec.json")
                .whereLayer("door")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers("door")
                .whereLayer("action")
                .mayOnlyBeAccessedByLayers("door", "store")
                .whereLayer("approval")
                .mayOnlyBeAccessedByLayers("door", "store", "action"));
    }

    private static void check(ArchRule rule) {
        rule.check(CORE);
    }
}
