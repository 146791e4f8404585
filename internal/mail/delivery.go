package mail

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/sallyport-auth/sallyport/internal/logs"
)

const (
	// workers is how many messages are under way at once in one process.
	workers = 16
	// jobTimeout is more than any attempt takes; a job that runs longer than
	// rescueAfter belonged to a process that has died.
	jobTimeout  = time.Minute
	rescueAfter = 90 * time.Second
	// A finished job says nothing but when; a discarded one is for the operator.
	keepFinished  = time.Hour
	keepDiscarded = 7 * 24 * time.Hour
	// stopTimeout is how long messages under way may take at the end.
	stopTimeout = 10 * time.Second
)

// Delivery takes messages out of the outbox and delivers them.
type Delivery struct{ client *river.Client[pgx.Tx] }

// DeliveryOptions are what NewDelivery needs.
type DeliveryOptions struct {
	Outbox  *Outbox
	Senders *Senders
	Log     *slog.Logger
	// Count is told what became of a message, or of an attempt to deliver it.
	Count func(event, outcome string)
	// Trace is told of an attempt before it begins, and gives what is to hear how it
	// ended; nil for nobody.
	Trace func(ctx context.Context, event, channel, id string) (_ context.Context, end func(outcome string, failed bool))
}

// NewDelivery makes the workers and starts none.
func NewDelivery(o DeliveryOptions) (*Delivery, error) {
	w := &worker{outbox: o.Outbox, senders: o.Senders, log: o.Log, count: o.Count, trace: o.Trace, gates: map[Sender]*gate{}}
	for _, sender := range []Sender{o.Senders.email, o.Senders.sms} {
		w.gates[sender] = &gate{now: o.Outbox.now}
	}
	known := river.NewWorkers()
	river.AddWorker(known, w)
	client, err := river.NewClient(riverpgxv5.New(o.Outbox.store.Pool()), &river.Config{
		Schema: o.Outbox.store.OwnSchema(), Workers: known,
		// River tells of everything it does.
		Logger: slog.New(logs.AtLeast(o.Log.Handler(), slog.LevelWarn)),
		Queues: map[string]river.QueueConfig{queueName: {MaxWorkers: workers}},
		// Listening needs a connection of its own, which poolers do not give.
		PollOnly: true, FetchPollInterval: time.Second, FetchCooldown: 50 * time.Millisecond,
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: stopTimeout,
		CompletedJobRetentionPeriod: keepFinished, CancelledJobRetentionPeriod: keepFinished,
		DiscardedJobRetentionPeriod: keepDiscarded,
		// It would need the rights of the tables' owner, for tables that stay small.
		ReindexerSchedule: river.NeverSchedule(),
	})
	if err != nil {
		return nil, fmt.Errorf("making the workers for messages: %w", err)
	}
	return &Delivery{client}, nil
}

// Start begins to deliver; it goes on until Stop, or until ctx ends.
func (d *Delivery) Start(ctx context.Context) error {
	if err := d.client.Start(ctx); err != nil {
		return fmt.Errorf("starting the workers for messages: %w", err)
	}
	return nil
}

// Stop lets the messages under way be delivered. The others wait for the next
// start.
func (d *Delivery) Stop(ctx context.Context) error { return d.client.Stop(ctx) }
