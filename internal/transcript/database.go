package transcript

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// database runs a conversation's statements on the target's own database.
type database struct{ conn *pgx.Conn }

// openDatabase connects in UTC, so that times read the same everywhere.
func openDatabase(ctx context.Context, url string) (*database, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["timezone"] = "UTC"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the target's database: %w", err)
	}
	return &database{conn}, nil
}

func (d *database) close() {
	// The target may be gone already, and the answers are what counts.
	_ = d.conn.Close(context.Background())
}

// run executes a statement for its effect.
func (d *database) run(ctx context.Context, sql string) error {
	_, err := d.read(ctx, sql)
	return err
}

// row is one row in column order with every value as Postgres prints it; nil
// is NULL.
type row struct {
	columns []string
	values  []*string
}

// read executes one statement and returns its rows.
func (d *database) read(ctx context.Context, sql string) ([]row, error) {
	results, err := d.conn.PgConn().Exec(ctx, sql).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sql, err)
	}
	var rows []row
	for _, result := range results {
		rows = append(rows, rowsOf(result)...)
	}
	return rows, nil
}

func rowsOf(result *pgconn.Result) []row {
	var columns []string
	for _, field := range result.FieldDescriptions {
		columns = append(columns, field.Name)
	}
	rows := make([]row, 0, len(result.Rows))
	for _, raw := range result.Rows {
		r := row{columns: columns, values: make([]*string, len(raw))}
		for i, value := range raw {
			if value != nil {
				text := string(value)
				r.values[i] = &text
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// table dumps a table with all its columns. Rows come in the order they were
// made, because ids are random.
func (d *database) table(ctx context.Context, name string) ([]row, error) {
	quoted := pgx.Identifier{name}.Sanitize()
	found, err := d.read(ctx, "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '"+
		strings.ReplaceAll(name, "'", "''")+"' AND column_name IN ('createdAt', 'key')")
	if err != nil {
		return nil, err
	}
	order := "1"
	if len(found) > 0 {
		order = pgx.Identifier{*found[0].values[0]}.Sanitize()
	}
	return d.read(ctx, "SELECT * FROM "+quoted+" ORDER BY "+order+", ctid")
}

// publicKey reads a stored public key.
func (d *database) publicKey(ctx context.Context, kid string) (string, error) {
	var jwk string
	err := d.conn.QueryRow(ctx, `SELECT "publicKey" FROM jwks WHERE id = $1`, kid).Scan(&jwk)
	return jwk, err
}
