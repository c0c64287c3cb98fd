package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of one call of iptables, without those that are not about a rule: the table, the
 * lock, what a listing looks like.
 *
 * @param table the word that names the table, or null
 * @param rest the others
 * @param onlyLists whether the call changes nothing
 */
record ToolArguments(ShellWords.Field table, List<ShellWords.Field> rest, boolean onlyLists) {

  static ToolArguments of(List<ShellWords.Field> fields) {
    List<ShellWords.Field> rest = new ArrayList<>();
    ShellWords.Field table = null;
    boolean lists = false;
    for (int i = 1; i < fields.size(); i++) {
      ShellWords.Field field = fields.get(i);
      String text = field.text();
      boolean last = i + 1 == fields.size();
      if ((text.equals("-t") || text.equals("--table")) && !last) {
        table = fields.get(++i);
      } else if (text.startsWith("--table=") || text.matches("-t[a-z]+")) {
        int cut = text.startsWith("-t") ? 2 : text.indexOf('=') + 1;
        table =
            new ShellWords.Field(
                text.substring(cut), field.line(), field.column() + cut, field.plain());
      } else if (isLock(text)) {
        boolean seconds = !last && fields.get(i + 1).text().matches("[0-9]+");
        i += seconds && !text.contains("=") && text.matches("-[wW]|--wait(-interval)?") ? 1 : 0;
      } else {
        lists |= text.matches("-[LSVhnvx]*[LSVh][LSVhnvx]*|--list|--list-rules|--version|--help");
        rest.add(field);
      }
    }
    return new ToolArguments(table, rest, lists);
  }

  private static boolean isLock(String text) {
    return text.matches("-[wW][0-9]*|--wait(-interval)?(=.*)?");
  }
}
