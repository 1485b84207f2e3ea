package dev.openexec.checks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.net.URL;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How far the code reaches: what it could do to the world beside running actions. */
class ReachTest {

    private static final String LISTENERS = "dev\\.openexec\\.cli\\.Witness(Command|Server)";
    private static final String CLIENT = "dev\\.openexec\\.cli\\.CosignerClient";

    /** Files have URIs, and the platform names the jar of a class by a URL. Of a URL nothing is asked but its URI. */
    @ParameterizedTest
    @ValueSource(strings = {"openexec-core", "openexec-store-jdbc", "openexec-cli"})
    void nothing_reaches_out_starts_a_process_or_reads_objects(String module) {
        JavaClasses library = Project.main(module);
        noClasses()
                .that()
                .haveNameNotMatching(LISTENERS + "|" + CLIENT)
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(?!UR[IL]$|URISyntaxException$).*|java\\.nio\\.channels\\..*Socket.*")
                .orShould()
                .callMethodWhere(target(owner(belongToAnyOf(URL.class))).and(not(target(name("toURI")))))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.rmi..", "javax.naming..", "javax.net..")
                .check(library);
        runsNoOtherCode().check(library);
    }

    @Test
    void only_log_cosign_calls_anybody() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.openexec\\.cli\\.Cosigning|" + CLIENT)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(CLIENT)
                .check(Project.MAIN);
    }

    @ParameterizedTest
    @CsvSource({"openexec-server, .*", "openexec-cli, " + LISTENERS})
    void the_server_listens_and_connects_to_nobody(String module, String listeners) {
        JavaClasses server = Project.main(module);
        noClasses()
                .that()
                .haveNameMatching(listeners)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.net\\.(Socket|Datagram.*|.*URL.*|http\\..*)|java\\.nio\\.channels\\..*Socket.*")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.undertow.client..", "java.rmi..", "javax.naming..", "javax.net..")
                .check(server);
        runsNoOtherCode().check(server);
    }

    /**
     * With sqlite-jdbc it begins the next transaction at once, and an idle connection then blocks every other writer. The
     * testkit tries it, to see it refused.
     */
    @Test
    void auto_commit_is_never_switched_off() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.openexec.testkit")
                .should()
                .callMethod(Connection.class, "setAutoCommit", boolean.class)
                .orShould()
                .callMethod(Connection.class, "commit")
                .check(Project.MAIN);
    }

    private static ClassesShouldConjunction runsNoOtherCode() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.Process(Builder)?|java\\.io\\.Object(Input|Output)Stream")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("javax.script..")
                .orShould()
                .callMethodWhere(target(nameMatching("forName|loadClass|defineClass|exec"))
                        .and(target(owner(belongToAnyOf(Class.class, ClassLoader.class, Runtime.class)))));
    }
}
