<?php

declare(strict_types=1);

namespace App\Command;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Style\SymfonyStyle;

final class SumCommand extends Command
{
    protected static $defaultName = 'sum';
    protected static $defaultDescription = 'Adds numbers';

    protected function configure(): void
    {
        $this->addArgument('numbers', InputArgument::REQUIRED | InputArgument::IS_ARRAY, 'What to add');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $sum = array_sum(array_map('intval', $input->getArgument('numbers')));
        (new SymfonyStyle($input, $output))->success("the sum is $sum");
        return $sum > 0 ? Command::SUCCESS : Command::FAILURE;
    }
}
