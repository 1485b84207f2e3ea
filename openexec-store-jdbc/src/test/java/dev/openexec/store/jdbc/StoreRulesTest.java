package dev.openexec.store.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

/** What holds over the whole of the store, read from its byte code. */
class StoreRulesTest {

    private static final JavaClasses STORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.openexec.store.jdbc");

    @Test
    void nothing_reaches_out_starts_a_process_or_reads_objects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(?!URI$).*|java\\.nio\\.channels\\..*Socket.*")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.rmi..", "javax.naming..", "javax.script..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.(Process|ProcessBuilder)|java\\.io\\.Object(Input|Output)Stream")
                .check(STORE);
    }

    /** With sqlite-jdbc it begins the next transaction at once, and an idle connection then blocks every other writer. */
    @Test
    void auto_commit_is_never_switched_off() {
        noClasses()
                .should()
                .callMethod(Connection.class, "setAutoCommit", boolean.class)
                .orShould()
                .callMethod(Connection.class, "commit")
                .check(STORE);
    }
}
