import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0012_walls_of_hypotheses_and_replies'),
    ]

    operations = [
        migrations.AddField(
            model_name='citation',
            name='indicator',
            field=models.CharField(blank=True, choices=[('same_picture', 'The same picture in a dated press item'), ('cross_link', 'A link from a verified profile of the same person'), ('named_by_organisation', "The organisation's own page names the handle"), ('named_in_report', 'A report names who operates the handle'), ('official_identification', 'A court, an authority or the platform names who it is'), ('own_words', 'The person said so elsewhere'), ('own_profile', "The account's own profile says so"), ('name_match', 'The names match, no more'), ('shared_link', 'Shared the same links'), ('shared_hashtag', 'Shared the same hashtag'), ('shared_picture', 'Shared the same pictures'), ('same_narrative', 'Told the same story'), ('same_timing', 'Posted in step, beyond chance'), ('shared_infrastructure', 'Shared infrastructure or operators'), ('platform_disclosure', 'The platform or an authority counts it in'), ('instruction', 'An instruction, payment or inside document'), ('technical', 'Technical: infrastructure, money, ownership'), ('behavioural', 'Behavioural: how it acts and is spread'), ('contextual', 'Contextual: who gains, what it says, when')], help_text='What sort of link it shows.', max_length=30),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='attributed_as',
            field=models.CharField(blank=True, choices=[('operator', 'Operator: ran the accounts'), ('organiser', 'Organiser: planned and directed it'), ('beneficiary', 'Beneficiary: gains from it, no more is shown'), ('sponsor', 'Sponsor: paid for it')], max_length=12),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='dataset_sha256',
            field=models.CharField(blank=True, help_text='The data in which it was found (G-30).', max_length=64, validators=[django.core.validators.RegexValidator('^[0-9a-f]{64}$', 'Give the SHA-256 of the data as 64 hexadecimal digits.')]),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='eeas_category',
            field=models.CharField(blank=True, choices=[('unknown', 'Not known'), ('official', 'Official state channel'), ('state_controlled', 'State-controlled outlet'), ('state_linked', 'State-linked channel'), ('state_aligned', 'State-aligned channel')], max_length=20),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='false_positive_check',
            field=models.TextField(blank=True, help_text='What the same method finds among accounts that are not suspected (G-30).'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='identifying_specifics',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500), blank=True, default=list, help_text='What besides the name shows that this is the person meant (G-24).', size=None),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='method',
            field=models.TextField(blank=True, help_text='How coordination was found (G-30).'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='model_name',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='model_task',
            field=models.TextField(blank=True, help_text='What the model did (G-73).'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='model_use',
            field=models.CharField(blank=True, choices=[('none', 'No model helped'), ('used', 'A model helped')], max_length=10),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='model_version',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='namesake_search',
            field=models.TextField(blank=True, help_text='Where and when namesakes were looked for (G-24).'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='parameters',
            field=models.TextField(blank=True, help_text='With which thresholds and windows (G-30).'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='source_summary',
            field=models.TextField(blank=True, help_text='Weaknesses and gaps of the sources, for readers; the counts are added (G-43).'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='state_responsibility',
            field=models.CharField(blank=True, choices=[('unknown', 'Not known'), ('state-prohibited', 'State-prohibited'), ('state-prohibited-but-inadequate', 'State-prohibited but inadequate'), ('state-ignored', 'State-ignored'), ('state-encouraged', 'State-encouraged'), ('state-shaped', 'State-shaped'), ('state-coordinated', 'State-coordinated'), ('state-ordered', 'State-ordered'), ('state-rogue-conducted', 'State-rogue-conducted'), ('state-executed', 'State-executed'), ('state-integrated', 'State-integrated')], max_length=40),
        ),
    ]
