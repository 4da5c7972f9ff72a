package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"genbo/internal/base/sealed"
)

func inspectCommand(stdout io.Writer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Say which list a sealed file is of, without opening it / 封印ファイルの番号を表示する",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			s, err := sealed.ReadStanza(file)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if asJSON {
				return json.NewEncoder(stdout).Encode(map[string]string{"list": s.Extract, "seal": s.Seal})
			}
			_, err = fmt.Fprintf(stdout, "list %s, seal %s\n", s.Extract, s.Seal)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON / JSON で出力する")
	return cmd
}
