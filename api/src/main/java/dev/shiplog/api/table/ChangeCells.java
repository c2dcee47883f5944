package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Changes: when, who, what. */
final class ChangeCells {

  private ChangeCells() {}

  static void register(RowTable rows) {
    rows.of(
        "changes",
        "shiplog.dev",
        List.of(
            Cells.name(),
            Cells.since("time"),
            Cells.field("request", "user", "username"),
            Cells.field("operation"),
            Cells.computed(ChangeCells::subject),
            Cells.field("request", "verb"),
            Cells.field("request", "userAgent"),
            Cells.field("request", "auditID")));
  }

  private static String subject(ObjectNode change) {
    String group = text(change, "object", "group");
    return text(change, "object", "resource")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + text(change, "object", "name");
  }
}
