package org.fwreplay.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  /** What a used object keeps: set anew for each connection, or right whenever it is out of use. */
  private static final Set<String> KEPT =
      Set.of(
          "original",
          "reply",
          "id",
          "tcp",
          "sctp",
          "number",
          "hash",
          "replyHash",
          "remembered",
          "rememberedReply",
          "hasChildren",
          "loose",
          "timed",
          "timerNs",
          "timerNext",
          "timerPrevious",
          "bySourceBucket",
          "bySourceNext",
          "bySourcePrevious");

  @Test
  void anObjectUsedAgainIsLikeANewOne() throws ReflectiveOperationException {
    Connection fresh = new Connection();
    Connection used = new Connection();
    List<Field> fields = fieldsToClear();
    for (Field field : fields) {
      change(used, field);
      assertThat(field.get(used)).as(field.getName()).isNotEqualTo(field.get(fresh));
    }
    used.clear();
    for (Field field : fields) {
      assertThat(field.get(used)).as(field.getName()).isEqualTo(field.get(fresh));
    }
  }

  private static List<Field> fieldsToClear() {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = Connection.class; c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !KEPT.contains(field.getName())) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private static void change(Connection ct, Field field) throws ReflectiveOperationException {
    if (field.getType() == long.class) {
      field.setLong(ct, 7);
    } else if (field.getType() == int.class) {
      field.setInt(ct, 7);
    } else if (field.getType() == String.class) {
      field.set(ct, "ftp");
    } else if (field.getType() == Connection.class) {
      field.set(ct, new Connection());
    } else if (field.getType() == ConnectionHelp.class) {
      field.set(ct, new ConnectionHelp(null));
    } else if (field.getType() == ConnectionExtension.class) {
      field.set(ct, new ConnectionExtension());
    } else {
      field.set(ct, new Object());
    }
  }

  @Test
  void whatFewConnectionsHaveIsTheirOwn() {
    Connection one = new Connection();
    Connection other = new Connection();
    one.extend().masqueradeInterface = 3;
    one.count(Connection.REPLY, 2, 80);
    one.count(Connection.REPLY, 1, 40);

    assertThat(one.extension().masqueradeInterface).isEqualTo(3);
    assertThat(one.packets(Connection.REPLY)).isEqualTo(3);
    assertThat(one.bytes(Connection.REPLY)).isEqualTo(120);
    assertThat(one.packets(Connection.ORIGINAL)).isZero();
    assertThat(other.extension().masqueradeInterface).isEqualTo(-1);
    assertThat(other.packets(Connection.REPLY)).isZero();
  }
}
