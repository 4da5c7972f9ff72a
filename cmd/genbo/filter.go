package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/keyedset"
	"genbo/internal/record/journal"
	"genbo/internal/work/filter"
	"genbo/internal/work/house"
	"genbo/internal/work/scan"
)

const aboutFilter = `A filter says on another computer whose the people are that a scan finds there: how many are in the register, how many
of its persons they are, and of which extract a file is a copy. It holds no number and no name, but tokens made of them
with a key. Without the key it is noise. With both, whoever tries all numbers learns which exist: so keep the two apart,
hand them over by different ways, let the key lie only where scans run, and destroy both when that ends.

フィルターは、ほかのコンピューターのファイルにある人が原簿のだれに当たるかを調べるためのものです。番号や氏名そのものは
入っておらず、鍵がなければ何も分かりません。鍵とフィルターは別々に保管し、別々の経路で渡し、不要になったら両方を廃棄
してください。`

func (a *app) filterCommand() *cobra.Command {
	c := &cobra.Command{Use: "filter", Short: "Make the filter by which scans elsewhere join with a register / 照合用フィルターを作る", Long: aboutFilter}
	c.AddCommand(a.filterExport())
	return c
}

// Days that a filter is good.
const (
	usualDays = 31
	mostDays  = 366
)

func (a *app) filterExport() *cobra.Command {
	var out, key string
	var days int
	c := &cobra.Command{
		Use: "export", Short: "Write the filter of a register, and its key apart / 原簿のフィルターと鍵を書き出す", Args: cobra.NoArgs,
		Long: aboutFilter + `

Everybody is in it with every number he has or had (retired, merged, of the old handbooks, provisional) and every name with
his date of birth; and the decoys of every extract. The journal says who made it, of whom, and until when it is good: after
that no scan takes it. Where the key file exists, its key is used again, so that those who have it need the new filter only;
else a key is made, which its owner alone can read. A filter that is there already is replaced, when the new one is whole.`,
		Example: `  genbo filter export --dir register --out /srv/handover/genbo.filter --key /media/usb/genbo.filter-key
  genbo-agent scan --filter genbo.filter --filter-key genbo.filter-key D:\share`,
		RunE: func(c *cobra.Command, _ []string) error {
			if days < 1 || days > mostDays {
				return fmt.Errorf("--days: it is 1 to %d: %w", mostDays, genbo.ErrInvalid)
			}
			if filepath.Clean(out) == filepath.Clean(key) {
				return fmt.Errorf("--key: the key needs a file of its own: %w", genbo.ErrInvalid)
			}
			return a.withHouse(c.Context(), func(h *house.House) error {
				return a.exportFilter(c.Context(), h, out, key, time.Duration(days)*24*time.Hour)
			})
		},
	}
	a.where(c)
	a.jsonFlag(c)
	c.Flags().StringVar(&out, "out", "", "file of the filter / フィルターのファイル")
	c.Flags().StringVar(&key, "key", "", "file of its key / 鍵のファイル")
	c.Flags().IntVar(&days, "days", usualDays, "how many days it is good / 有効日数")
	for _, name := range []string{"out", "key"} {
		_ = c.MarkFlagRequired(name) // fails for a name that is no flag
	}
	return c
}

func (a *app) exportFilter(ctx context.Context, h *house.House, out, keyPath string, good time.Duration) error {
	key, err := keyedset.ReadKey(keyPath)
	fresh := errors.Is(err, fs.ErrNotExist)
	if fresh {
		key, err = keyedset.NewKey(), nil
	}
	if err != nil {
		return err
	}
	var made filter.Made
	err = scan.WriteWhole(out, func(file *os.File) (err error) {
		if made, err = a.makeFilter(ctx, h, file, "filter export", key, good); err == nil && fresh {
			err = key.Save(keyPath)
		}
		return err
	})
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(made)
	}
	a.say("The filter is in %s, good until %s. Its key (%s) is in %s: keep them apart.", out, made.Expires.In(genbo.Japan).Format("2006-01-02 15:04"), made.Key, keyPath)
	a.figures(figure{"persons", float64(made.Persons), "persons"}, figure{"merged into them", float64(made.Merged), "persons"},
		figure{"extracts with decoys", float64(made.Extracts), "extracts"})
	return nil
}

// makeFilter writes a filter and shows how far it has come.
func (a *app) makeFilter(ctx context.Context, h *house.House, file *os.File, command string, key *keyedset.Key, good time.Duration) (filter.Made, error) {
	var bar *progress
	made, err := filter.Write(ctx, h, file, filter.Options{By: journal.System(command), Key: key, Good: good, Progress: func(done, of int) {
		if bar == nil {
			bar = a.progress("People in the filter", int64(of))
		}
		bar.at(int64(done))
	}})
	if bar != nil {
		bar.end()
	}
	return made, err
}
