package io.vl3.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.testing.RequiresNetns;
import io.vl3.testing.RequiresCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/mysql-replication}: what its page promises. */
@RequiresNetns
@RequiresCommand(value = "mariadbd", packages = "mariadb-server")
class MysqlReplicationTest {

  @TempDir private Path directory;

  @Test
  void rowsWrittenWhilePartsAreTakenAway_arriveAll_inOrder() throws Exception {
    Example example = Example.start(directory, "mysql-replication", "--chaos");
    assertThat(example.exitCode()).as(example.output()).isZero();
    assertThat(example.output())
        .contains("Master_Host: primary.vl3-mysql", "Slave_IO_Running: Yes")
        .contains("rows at the primary: 10000, at the replica: 10000", "they arrived in order")
        .containsPattern("\\d+\\.\\d+ s  the link between the nodes swallows every packet")
        .containsPattern("Master_Host: 10\\.60\\.\\d+\\.\\d+")
        .contains("the replica has every row of the primary")
        .contains("no process, interface or namespace of theirs is left");
    assertThat(example.left()).isEmpty();
  }
}
