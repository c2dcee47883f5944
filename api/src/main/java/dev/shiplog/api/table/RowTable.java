package dev.shiplog.api.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table of all rows, by qualified name of the resource: a cell for each of its columns. */
final class RowTable {

  private final Map<String, List<Cell>> rows = new HashMap<>();

  private RowTable() {}

  static Map<String, List<Cell>> all() {
    RowTable table = new RowTable();
    PodCells.register(table);
    WorkloadCells.register(table);
    ServiceCells.register(table);
    ClusterCells.register(table);
    EventCells.register(table);
    StorageCells.register(table);
    AccessCells.register(table);
    AutoscalingCells.register(table);
    ExtensionCells.register(table);
    ChangeCells.register(table);
    return Map.copyOf(table.rows);
  }

  void core(String plural, List<Cell> cells) {
    rows.put(plural, cells);
  }

  void of(String plural, String group, List<Cell> cells) {
    rows.put(plural + "." + group, cells);
  }
}
